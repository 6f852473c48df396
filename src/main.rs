//! The `rmbook` program.

fn main() {}
