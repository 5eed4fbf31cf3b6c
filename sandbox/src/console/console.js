// Adds new requests to the list as they are answered. Everything else on the
// pages works without it.
"use strict";

const list = document.getElementById("requests");
const live = document.getElementById("live");
const MOST = 200;

function latest() {
  const first = list.querySelector("tr[data-number]");
  return first ? Number(first.dataset.number) : 0;
}

// One question at a time: what came meanwhile is in the next answer.
let asking = false;
let again = false;

async function update() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    do {
      again = false;
      const query = new URLSearchParams(location.search);
      query.set("after", latest());
      const answer = await fetch(`/console/rows?${query}`);
      if (!answer.ok) break;
      const added = document.createElement("template");
      added.innerHTML = await answer.text();
      const count = added.content.querySelectorAll("tr").length;
      if (count === 0) continue;
      list.prepend(added.content);
      while (list.rows.length > MOST) list.lastElementChild.remove();
      live.textContent = `Live. ${count} new, the latest is request ${latest()}.`;
    } while (again);
  } catch {
    live.textContent = "The sandbox does not answer.";
  }
  asking = false;
}

if (list && live) {
  const events = new EventSource(`/_sandbox/v1/requests/events?after=${latest()}`);
  events.addEventListener("open", () => { live.textContent = "Live: new requests appear here."; });
  events.addEventListener("request", update);
  events.addEventListener("missed", update);
  events.addEventListener("error", () => { live.textContent = "Not connected; trying again."; });
}
