"""How the house is doing: for people, probes and Prometheus."""
