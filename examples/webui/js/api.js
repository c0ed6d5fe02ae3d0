// Calls to the controller. Opened from a disk or a plain web server there is no
// controller; then the files below /api serve as its answers.

const TIMEOUT_MS = 4000;

export class Unreachable extends Error {}

async function request(path, options = {}) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, { ...options, signal: abort.signal });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${response.statusText}`);
    }
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError" || error instanceof TypeError) {
      throw new Unreachable(path);
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function send(method, path, body) {
  return request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const getStatus = () => request("/api/status.json");
export const getZones = () => request("/api/zones.json");
export const getHistory = () => request("/api/history.json");
export const getSettings = () => request("/api/settings.json");
export const putSettings = (settings) => send("PUT", "/api/settings.json", settings);
export const setZone = (id, open) => send("POST", `/api/zones/${id}`, { open });
export const restart = () => send("POST", "/api/restart", {});
