//! Commands about accounts of candidates, as an operator types them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
use forms::account::RegistrationDraft;
use registry::{RegisterError, Registry, Settings, demo};
use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

const NUMBER: &str = "110101199003070003";

fn release(dir: &Path, url: &str, typed: &str) -> Output {
    let mut server = Command::new(env!("CARGO_BIN_EXE_server"))
        .args(["account", "release-document"])
        .env("DATABASE_URL", url)
        .env("SEALING_KEY_FILE", dir.join("key"))
        .env("RUST_LOG", "debug")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(server.stdin.take().unwrap(), "{typed}").unwrap();
    server.wait_with_output().unwrap()
}

#[tokio::test]
async fn an_operator_frees_a_document_number_and_it_is_printed_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let url = format!("sqlite:{}", dir.path().join("account.db").display());
    let registry = Registry::open(Settings::new(&url, &[7; 32])).await.unwrap();
    demo::load_shipped(&registry).await.unwrap();
    let register = async |username: &str| {
        let draft = RegistrationDraft {
            username: username.into(),
            name: "张伟".into(),
            document_type: "resident_id".into(),
            document_number: NUMBER.into(),
            ethnic_group: "01".into(),
            password: "Yuan2026".into(),
            password_again: "Yuan2026".into(),
            recovery_question: "小学的名字".into(),
            recovery_answer: "实验小学".into(),
            ..RegistrationDraft::default()
        };
        let (today, rules) = (registry.settings().clock.now().date(), registry.settings().account_rules);
        registry.register(draft.check(&forms::Context { today, rules }).unwrap()).await
    };
    register("impostor").await.unwrap();
    assert!(matches!(register("owner").await, Err(RegisterError::PersonTaken { .. })));
    for (typed, is_done, says) in [
        ("not a number", false, "no number of such a document"),
        (NUMBER, true, "the number is free"),
        (NUMBER, false, "nobody has registered with this number"),
    ] {
        let output = release(dir.path(), &url, typed);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.success(), is_done, "{said}");
        assert!(said.contains(says) && !said.contains(NUMBER) && !said.contains("impostor"), "{said}");
    }
    register("owner").await.unwrap();
    registry.close().await;
}
