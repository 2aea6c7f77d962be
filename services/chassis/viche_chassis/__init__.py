"""What every Viche process stands on: configuration, access, errors, database, events, telemetry."""
