//! `users`: the same accounts, by login.

use super::call::Call;
use super::outcome::Outcome;
use super::php_serde::One;
use super::{Account, AccountPatch, Ministra, NewAccount, UserKey, accounts};
use crate::error::{ProtocolError, Result};

/// Accounts, by login or MAC address: the login is the only thing that is one
/// account's alone.
#[derive(Debug, Clone, Copy)]
pub struct Users<'a>(pub(super) &'a Ministra);

impl Users<'_> {
    /// The account.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::ministra::Login;
    ///
    /// let account = ministra.users().get(&Login::new("ivanov")?).await?;
    /// println!("{:?}", account.tariff_plan);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn get(&self, of: impl Into<UserKey>) -> Result<Account> {
        let call = Call::new("GET users").of(vec![of.into().identifier()]);
        let One(account) = self.0.call(call, "an account").await?;
        Ok(account.ok_or(ProtocolError::Result {
            found: "nothing",
            expected: "an account",
        })?)
    }

    /// Creates an account, as [`accounts`](super::Accounts::create) does.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn create(&self, new: &NewAccount) -> Result<()> {
        accounts::create(self.0, "POST users", new).await
    }

    /// Changes the account.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found), or a
    /// [conflict](crate::Error::is_conflict) if the login is another's.
    pub async fn update(&self, of: impl Into<UserKey>, patch: &AccountPatch) -> Result<()> {
        const PUT: &str = "PUT users";
        let of = of.into();
        // Done twice, the second would look for what is no longer there.
        let keeps_its_key = match of {
            UserKey::Login(_) => patch.login.is_none(),
            UserKey::Mac(_) => patch.stb_mac.is_keep(),
        };
        let call = Call::new(PUT)
            .of(vec![of.identifier()])
            .form(patch.form(PUT)?)
            .repeatable_if(keeps_its_key);
        let outcome: Outcome = self.0.call(call, "true").await?;
        outcome.or_not_applied(self.0, PUT)
    }

    /// Deletes the account. What it was subscribed to stays in the database,
    /// out of sight.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn delete(&self, of: impl Into<UserKey>) -> Result<()> {
        accounts::delete(self.0, "DELETE users", vec![of.into().identifier()]).await
    }
}
