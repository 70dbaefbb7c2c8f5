//! What the protocol asks for, answered from the engine.

use super::calls::{self, Refusal};
use super::{resources, tools};
use crate::engine::Engine;
use rmcp::ErrorData;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities,
    ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use std::sync::Arc;

/// What a model is told of this server before its first call.
const INSTRUCTIONS: &str = "pitfall diagnoses errors on Apple's platforms offline, from a reviewed knowledge base: Keychain, code signing, \
notarization, sandbox, privacy permissions, passkeys, Sign in with Apple, App Attest, certificates. Give `triage` the log, build output, crash \
or question as it is, unshortened; it answers with findings, evidence by line, and a checklist. `explain` tells a code or symbol, `inspect` \
decodes tokens, profiles, entitlements and certificates, `search` and `show` read the pages. `certain` is right 97 times of 100, `likely` 80; \
`possible` is only worth a look. Nothing leaves this machine through pitfall.";

/// The server of one client.
#[derive(Clone)]
pub(super) struct Server {
    engine: Arc<Engine>,
    /// Whether arguments may name files.
    files: bool,
}

impl Server {
    pub(super) fn new(engine: Engine, files: bool) -> Self {
        Self { engine: Arc::new(engine), files }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        let name = Implementation::new("pitfall", env!("CARGO_PKG_VERSION")).with_title("pitfall");
        ServerConfig::new(capabilities).with_server_info(name).with_instructions(INSTRUCTIONS)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::all(self.files).into_iter().find(|tool| tool.name == name)
    }

    async fn list_tools(&self, _: Option<PaginatedRequestParams>, _: RequestContext<RoleServer>) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all(self.files)))
    }

    async fn call_tool(&self, request: CallToolRequestParams, _: RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
        let (engine, files) = (Arc::clone(&self.engine), self.files);
        let name = request.name.clone();
        let arguments = request.arguments.unwrap_or_default();
        let called = tokio::task::spawn_blocking(move || calls::call(&engine, files, &name, arguments)).await;
        match called {
            Ok(Ok(text)) => Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into()),
            Ok(Err(Refusal::Told(why))) => Ok(CallToolResult::error(vec![ContentBlock::text(why)]).into()),
            Ok(Err(Refusal::Unknown)) => Err(ErrorData::invalid_params(format!("no tool is called `{}`", request.name), None)),
            Err(_) => Err(ErrorData::internal_error("the call ended too early", None)),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        resources::list(self.engine.knowledge(), request.and_then(|request| request.cursor).as_deref())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        resources::read(&self.engine, &request.uri).map(Into::into)
    }
}
