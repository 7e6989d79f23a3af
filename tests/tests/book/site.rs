//! A folder of pages, served on this machine for the browser to open, by the server that readers use.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use tokio::sync::oneshot;
use workbook::serve::{listen, server};
use workbook::workbench::Workbench;

/// A served folder; dropping it stops the server.
pub struct Site {
    pub folder: PathBuf,
    /// Without a slash at its end.
    pub base_url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Site {
    /// Serves a folder on a free port.
    pub fn serve(folder: &Path) -> Result<Self> {
        Self::serve_with(folder, None)
    }

    /// Serves a folder whose pages can run programs.
    pub fn serve_with(folder: &Path, workbench: Option<Arc<Workbench>>) -> Result<Self> {
        let (tell_address, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let pages = folder.to_owned();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let port = listen(0).await.expect("some port is free");
                let address = port.local_addr().expect("it is bound");
                let (_reload, server) = server(port, pages, workbench).expect("it is bound");
                tell_address.send(address).expect("the test waits for the address");
                tokio::select! {
                    served = server => served.expect("the server runs"),
                    _ = stopped => {}
                }
            });
        });
        let address = address.recv().context("the server did not start")?;
        let base_url = format!("http://{address}");
        Ok(Self { folder: folder.to_owned(), base_url, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the server has already been told by the requests that failed.
            let _ = thread.join();
        }
    }
}
