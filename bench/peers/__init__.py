"""What our program is compared with."""
