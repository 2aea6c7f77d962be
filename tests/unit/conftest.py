"""Examples that Hypothesis makes up: a busy machine may take its time over one, which is no fault of what is tested."""

from hypothesis import HealthCheck, settings

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
