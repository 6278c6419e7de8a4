//! The command `throughcare`.

fn main() {}
