//! Compose files against compose-go's own tests and against Docker Compose.

mod loader;
mod model;
mod projects;
mod values;
