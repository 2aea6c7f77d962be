"""What a survey is and which answers it takes; pure."""
