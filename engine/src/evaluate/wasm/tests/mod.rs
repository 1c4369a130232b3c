//! Guests made of text, and what the host makes of them.
