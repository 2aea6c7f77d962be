"""What engines need before an instance runs on them: roles and databases, users of NATS, a bucket."""
