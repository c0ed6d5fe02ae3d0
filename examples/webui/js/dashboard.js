import { getHistory, getStatus, getZones, setZone, Unreachable } from "./api.js";
import { drawHistory } from "./chart.js";
import { text, translate } from "./i18n.js";

const REFRESH_MS = 5000;
const HISTORY_MS = 10 * 60 * 1000;

const byId = (id) => document.getElementById(id);

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return days > 0 ? text("time.days", { days, hours }) : text("time.hours", { hours, minutes });
}

function showStatus(status) {
  byId("soil").textContent = status.soil.toFixed(0);
  byId("air").textContent = status.air.toFixed(1);
  byId("tank").textContent = status.tank.toFixed(0);
  byId("tank-level").value = status.tank;
  byId("signal").textContent = status.rssi;
  byId("version").textContent = text("version", { version: status.version });
  byId("uptime").textContent = text("uptime", { time: duration(status.uptime) });
}

function zoneElement(zone) {
  const element = byId("zone").content.cloneNode(true).firstElementChild;
  const button = element.querySelector(".zone-toggle");
  const next = new Date(zone.next * 1000);
  element.classList.toggle("open", zone.open);
  element.querySelector(".zone-name").textContent = zone.name;
  element.querySelector(".zone-next").textContent = zone.enabled
    ? text("zone.next", { time: next.toLocaleString(document.documentElement.lang) })
    : text("zone.off");
  button.textContent = text(zone.open ? "zone.close" : "zone.open");
  button.addEventListener("click", async () => {
    button.disabled = true;
    await guarded(async () => {
      await setZone(zone.id, !zone.open);
      showZones(await getZones());
    });
    button.disabled = false;
  });
  return element;
}

function showZones(zones) {
  byId("zones").replaceChildren(...zones.map(zoneElement));
}

// Runs a task and shows whether the controller could be reached for it.
async function guarded(task) {
  try {
    await task();
    byId("offline").hidden = true;
  } catch (error) {
    if (!(error instanceof Unreachable)) {
      throw error;
    }
    byId("offline").hidden = false;
  }
}

async function refresh() {
  await guarded(async () => {
    showStatus(await getStatus());
    showZones(await getZones());
  });
  setTimeout(refresh, document.hidden ? 4 * REFRESH_MS : REFRESH_MS);
}

async function refreshHistory() {
  await guarded(async () => drawHistory(byId("chart"), await getHistory()));
  setTimeout(refreshHistory, HISTORY_MS);
}

await translate();
refresh();
refreshHistory();
