//! The `rmbook` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    rmbook::commands::main()
}
