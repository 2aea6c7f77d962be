"""Proto in, proto out: one module per gRPC service."""
