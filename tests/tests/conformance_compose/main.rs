//! Compose files against compose-go's own tests and against Docker Compose.

mod values;
