"""One module per gRPC service, or per small group of them."""
