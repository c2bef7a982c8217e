//! What the page stores from one visit to the next, if storage is allowed. Must not know the state.

use engine::browser::Calibration;
use serde::{Deserialize, Serialize};
use session::address::Place;
use session::settings::Settings;
use web_sys::Storage;

use crate::worker::messages::{decode, encode};

/// `index.html` looks here before the first paint.
const SETTINGS: &str = "loopscope.settings";

/// Increased whenever the meaning of a calibration changes, so that old ones are not read.
const VERSION: u32 = 2;

/// A stored calibration. It holds for the browser that it was made in, and for this version of its meaning.
#[derive(Serialize, Deserialize)]
struct Kept {
    user_agent: String,
    calibration: Calibration,
}

/// Stores a calibration.
pub fn keep_calibration(place: Place, calibration: &Calibration) {
    let kept = encode(&Kept { user_agent: user_agent(), calibration: calibration.clone() });
    let text: String = kept.into_iter().map(char::from).collect();
    let text = web_sys::window().and_then(|window| window.btoa(&text).ok());
    if let (Some(storage), Some(text)) = (storage(), text) {
        // Full or forbidden storage only means that the next visit calibrates again.
        let _ = storage.set_item(&key(place), &text);
    }
}

/// The stored calibration for this place, if it was made by this browser and makes sense.
pub fn calibration(place: Place) -> Option<Calibration> {
    let text = storage()?.get_item(&key(place)).ok()??;
    let text = web_sys::window()?.atob(&text).ok()?;
    let bytes: Vec<u8> = text.chars().map(|one| u8::try_from(one).ok()).collect::<Option<_>>()?;
    let kept: Kept = decode(&bytes).ok()?;
    let is_plausible = kept.calibration.blocks_per_ms > 0.0;
    (is_plausible && kept.user_agent == user_agent()).then_some(kept.calibration)
}

/// Stores the reader's preferences. If there are none, nothing is stored.
pub fn keep_settings(settings: Settings) {
    let Some(storage) = storage() else { return };
    let text = settings.to_query();
    let kept =
        if text.is_empty() { storage.remove_item(SETTINGS) } else { storage.set_item(SETTINGS, &text) };
    // Full or forbidden storage only means that the next visit begins like the first.
    let _ = kept;
}

/// The stored preferences.
pub fn settings() -> Settings {
    let text = storage().and_then(|storage| storage.get_item(SETTINGS).ok()?);
    text.map(|text| Settings::parse(&text)).unwrap_or_default()
}

fn key(place: Place) -> String {
    format!("loopscope.calibration.{VERSION}.{}", place.run_on())
}

/// Throws if storage is forbidden, as in some frames.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn user_agent() -> String {
    web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}
