"""The suite under faults: a ledger outside of it says what was sent and answered, and everything inside must agree."""
