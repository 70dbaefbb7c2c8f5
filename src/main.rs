//! The program `pitfall`; everything is in the library.

fn main() -> std::process::ExitCode {
    pitfall::cli::main()
}
