//! Configuration and commands of Yikao.
#![recursion_limit = "512"]
mod config;

use app::door::{AppState, Assets, build_router};
use clap::Parser;
use config::{Command, Config};
use registry::{Clock, Dictionary, Moment, Registry, Settings, demo};
use std::{
    error::Error,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let (settings, test_clock) = settings(&config)?;
    let registry = Registry::open(settings).await?;
    match config.command.clone().unwrap_or(Command::Serve) {
        Command::Migrate => {
            demo::load_shipped(&registry).await?;
            say(&format!("{}: tables and shipped dictionaries are up to date", registry.engine()))?;
        }
        Command::Demo => {
            if demo::is_loaded(&registry).await? {
                say("the demonstration is loaded already; its log-ins were printed when it was")?;
            } else {
                say("demonstration loaded; candidates' log-ins, shown only now:")?;
                for login in demo::load(&registry).await? {
                    say(&format!("  {:<12} {}", login.username, login.password))?;
                }
            }
        }
        Command::Serve => serve(config, registry.clone(), test_clock).await?,
    }
    registry.close().await;
    Ok(())
}

/// Lines for the person at the terminal; the log goes to standard error.
fn say(line: &str) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{line}")
}

type TestClock = Option<Arc<AtomicI64>>;

fn settings(config: &Config) -> Result<(Settings, TestClock), Box<dyn Error>> {
    let mut settings = Settings::new(&config.database_url, &config.secret()?);
    settings.account_rules = forms::rules::rule_set(&config.account_rules).ok_or("ACCOUNT_RULES: 2021 or 2022")?;
    let mut test_clock = None;
    if config.demonstration {
        settings.login_budget = config.login_budget;
        settings.session_seconds = config.session_seconds;
        let shift = Arc::new(AtomicI64::new(0));
        let (system, own) = (Clock::system(), shift.clone());
        settings.clock = Clock::from(move || Moment(system.now().0 + own.load(Ordering::Relaxed)));
        test_clock = Some(shift);
    }
    Ok((settings, test_clock))
}

async fn serve(config: Config, registry: Registry, test_clock: TestClock) -> Result<(), Box<dyn Error>> {
    if test_clock.is_some() && !demo::is_demonstration(&registry).await? {
        return Err("--demonstration: these books were not filled by `server demo`".into());
    }
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await?;
    let assets = Assets::read(&config.site_root.join("pkg"))
        .map_err(|error| format!("{}: {error}; build the site first", config.site_root.display()))?;
    let secure = config.public_url.starts_with("https://");
    let state = AppState { registry: registry.clone(), dictionary, assets: Arc::new(assets), secure };
    let mut router = build_router(state);
    if let Some(shift) = test_clock {
        router = router.merge(config::test_switches(shift));
    }
    let listener = TcpListener::bind(config.listen).await?;
    say(&format!("serving on http://{} with {}", listener.local_addr()?, registry.engine()))?;
    axum::serve(listener, router).with_graceful_shutdown(stop()).await?;
    Ok(())
}

/// Ends at SIGTERM or Ctrl-C.
async fn stop() {
    let term = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = term => {}
    }
}
