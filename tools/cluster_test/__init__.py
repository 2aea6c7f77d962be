"""The chart on a real cluster: installed, used, upgraded and killed under load, taken back, and begun anew."""
