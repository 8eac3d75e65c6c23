"""Models of the six kinds and the walks over them. Pure: no clock, network or Pulumi."""
