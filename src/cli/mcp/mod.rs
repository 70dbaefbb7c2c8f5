//! `pitfall mcp`: a server of the Model Context Protocol over standard input and output, so that coding assistants diagnose offline.
//!
//! The one place with an async runtime, because the official SDK needs one. It is single-threaded, drives the two standard streams only, and
//! hands each call to a thread of its own, so that a long diagnosis does not keep a `ping` waiting. Nothing here opens a connection.

mod calls;
mod resources;
mod server;
mod tools;

use super::{Common, Outcome, engine};
use anyhow::Context as _;
use rmcp::ServiceExt as _;
use server::Server;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Refuse arguments that name a file; only text that the client sends is read.
    #[arg(long)]
    no_files: bool,
}

/// Serves one client until it closes standard input.
pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Outcome> {
    let server = Server::new(engine(common)?, !args.no_files);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().context("no runtime for the server could be made")?;
    let served = runtime.block_on(async {
        let streams = (tokio::io::stdin(), tokio::io::stdout());
        server
            .serve(streams)
            .await
            .map_err(|error| anyhow::anyhow!("the client and this server did not agree: {error}"))?
            .waiting()
            .await?;
        Ok(Outcome::Found)
    });
    // A read of standard input cannot be called back; it must not keep the program alive.
    runtime.shutdown_background();
    served
}
