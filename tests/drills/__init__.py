"""Drills of the vote path: what must hold when machines, clocks, disks and people behave badly."""
