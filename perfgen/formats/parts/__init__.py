"""What the format for people is made of: findings in, lines of text out."""

__all__ = ["brief", "finding_lines"]
