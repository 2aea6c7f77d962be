"""What people write to accounts: a queue, conversations, ready answers, and how fast people are answered."""
