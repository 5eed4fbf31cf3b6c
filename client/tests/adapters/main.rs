//! The same billing on every platform, against the sandbox.
//!
//! The tests are written once against `dyn Backend`. A platform is a
//! [`World`](world::World) in a file of its own, and a line in `platforms!`.

mod chunks;
mod conformance;
mod counts;
mod matrix;
mod ministra;
mod moves;
mod portal;
#[path = "portal/quirks.rs"]
mod portal_quirks;
mod removals;
mod storm;
mod tvip;
mod world;

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
                        whoever_has_no_terminals_is_told_nothing
                    }
                    subscriptions {
                        a_subscription_is_added_and_ended
                        what_is_not_there_cannot_be_subscribed
                        a_package_is_found_by_its_key_and_its_name
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
        tvip: crate::tvip::TvipWorld;
        ministra: crate::ministra::Stalker;
    }
}
