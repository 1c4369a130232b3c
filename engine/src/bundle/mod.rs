//! A bundle of rules as shipped.
