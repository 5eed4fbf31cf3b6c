//! The same billing on every platform, by adapters of the pure plan.

#[path = "../backend/conformance/mod.rs"]
mod conformance;
mod counts;
#[path = "../backend/portal.rs"]
mod portal;
#[path = "../backend/storm.rs"]
mod storm;
#[path = "../backend/world.rs"]
mod world;

/// The interface that the tests are about.
mod facade {
    use jsonsql_client::Client;
    use jsonsql_client::model::Terminal;
    use jsonsql_client::provisioning::{Adapter, Effect, IptvPortal, Preview};
    pub(crate) use jsonsql_client::provisioning::{Backend, Capability, Change, Operation};

    pub(crate) type Portal = Adapter<IptvPortal>;

    pub(crate) fn portal(client: Client) -> Portal {
        Adapter::new(IptvPortal::new(client))
    }

    pub(crate) fn name(backend: &dyn Backend) -> String {
        backend.name().to_owned()
    }

    /// Returns how many boxes are to start again.
    pub(crate) fn restarts(preview: &Preview) -> usize {
        let is_restart = |effect: &&Effect| matches!(effect, Effect::Restart { .. });
        preview.effects.iter().filter(is_restart).count()
    }

    pub(crate) fn is_irreversible(preview: &Preview) -> bool {
        let removes = |effect: &Effect| matches!(effect, Effect::Irreversible { .. });
        preview.effects.iter().any(removes)
    }

    /// Returns everybody's terminals.
    pub(crate) async fn all_terminals(backend: &dyn Backend) -> Vec<Terminal> {
        let mut all = Vec::new();
        for subscriber in backend.subscribers().collect().await.unwrap() {
            all.extend(backend.terminals(&subscriber.id).collect().await.unwrap());
        }
        all
    }
}

macro_rules! tests {
    ($world:ty: $($module:ident { $($test:ident)* })*) => {$(
        $(
            #[tokio::test]
            async fn $test() {
                crate::conformance::$module::$test::<$world>().await;
            }
        )*
    )*};
}

/// Runs every test in the world of each platform.
macro_rules! platforms {
    ($($platform:ident: $world:ty;)*) => {$(
        mod $platform {
            mod conforms {
                tests! { $world:
                    subscribers {
                        a_subscriber_is_created_found_and_deleted
                        creating_again_adopts
                        a_key_of_another_is_taken
                        a_patch_touches_what_it_names
                        a_disabled_subscriber_keeps_everything
                        what_is_not_there_is_missing
                    }
                    terminals {
                        a_terminal_is_bound_once
                        a_terminal_of_another_is_taken
                        an_unbound_terminal_can_be_bound_again
                        a_terminal_is_moved_or_the_move_is_refused
                    }
                    subscriptions {
                        a_subscription_is_added_and_ended
                        what_is_not_there_cannot_be_subscribed
                    }
                    capabilities { every_capability_is_true }
                    mistakes {
                        keys_that_are_none_are_refused
                        an_id_that_is_almost_one_reaches_nobody
                        the_id_of_another_platform_is_not_one_that_has_ended
                        of_two_who_create_at_once_both_have_it
                    }
                    secrets {
                        passwords_show_nowhere
                        traces_have_nobodys_data
                    }
                    whole {
                        a_preview_writes_nothing_and_comes_true
                        operations_as_data_do_the_same
                    }
                }
            }

            #[tokio::test]
            async fn provisioning_in_a_storm() {
                crate::storm::provisioning::<$world>().await;
            }
        }
    )*};
}

mod on {
    platforms! {
        portal: crate::portal::Portal;
    }
}
