//! Candidates: a person who logged in. Their methods are scoped to that person.
use crate::{Account, Error, PageKey, Registry, account, photo};
use forms::ids::{AccountId, PhotoId};

/// Somebody who has logged in to an account.
#[derive(Clone)]
pub struct Candidate {
    registry: Registry,
    account: Account,
    page: Option<PageKey>,
    /// Which of the saves of the page this is.
    order: i64,
}
impl Candidate {
    pub(crate) fn new(registry: Registry, account: Account) -> Self {
        Self { registry, account, page: None, order: i64::MAX }
    }
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }
    /// The id of the account.
    pub fn account(&self) -> AccountId {
        self.account.id
    }
    /// The account, as it was when the session was read.
    pub fn about(&self) -> &Account {
        &self.account
    }
    /// The same candidate, acting from a page: what it writes follows its own writes without a conflict, and what it creates is
    /// created once.
    pub fn on_page(self, page: PageKey) -> Self {
        Self { page: Some(page), ..self }
    }
    /// The same candidate with the number of a save: of the saves of one page the greatest number stands, in whichever order they
    /// arrive. A save without a number is the last one of its page.
    pub fn in_order(self, order: i64) -> Self {
        Self { order, ..self }
    }
    pub(crate) const fn order(&self) -> i64 {
        self.order
    }
    pub(crate) fn page(&self) -> Option<PageKey> {
        self.page
    }
    /// The value of the `page_key` columns.
    pub(crate) fn page_key(&self) -> Option<Vec<u8>> {
        self.page.map(PageKey::bytes)
    }
    /// The account as it stands now.
    pub(crate) async fn reload(&self) -> Result<Account, Error> {
        let (registry, id) = (self.registry.clone(), self.account.id.uuid());
        self.registry.read(move |conn| Box::pin(async move { account::load(conn, &registry, id).await })).await
    }

    /// Stores a new photo in the profile. Submitted applications keep the one they were submitted with.
    pub async fn set_photo(&self, bytes: Vec<u8>) -> Result<PhotoId, Error> {
        self.registry.set_photo(self.account(), bytes).await
    }
    /// One of the person's own photos.
    pub async fn photo(&self, id: PhotoId) -> Result<Vec<u8>, Error> {
        let account = self.account();
        self.registry.read(move |conn| Box::pin(async move { photo::of_account(conn, account, id).await })).await
    }
}

impl Registry {
    /// The candidate of an account, for commands that act without a browser.
    pub async fn candidate_of(&self, account: AccountId) -> Result<Candidate, Error> {
        let account = self.account_by_id(account.uuid()).await?;
        Ok(Candidate::new(self.clone(), account))
    }
}
