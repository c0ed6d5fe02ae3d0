import { getSettings, putSettings, restart } from "./api.js";
import { chooseLanguage, text, translate } from "./i18n.js";

const form = document.getElementById("settings");
const message = document.getElementById("message");

function say(key, good) {
  message.textContent = text(key);
  message.classList.toggle("good", good);
  message.hidden = false;
}

// The list is a file of the image: lines of "name,POSIX TZ string".
async function loadTimezones() {
  const lines = (await (await fetch("/config/timezones.csv")).text()).split("\n");
  const options = lines
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => {
      const comma = line.indexOf(",");
      return new Option(line.slice(0, comma), line.slice(comma + 1));
    });
  form.elements.timezone.replaceChildren(...options);
}

function fill(settings) {
  for (const [name, value] of Object.entries(settings)) {
    const field = form.elements[name];
    if (!field) {
      continue;
    }
    if (field.type === "checkbox") {
      field.checked = value;
    } else {
      field.value = value;
    }
  }
}

function collect() {
  const settings = {};
  for (const field of form.elements) {
    if (!field.name) {
      continue;
    }
    if (field.type === "checkbox") {
      settings[field.name] = field.checked;
    } else if (field.type === "number") {
      settings[field.name] = field.valueAsNumber;
    } else if (field.type !== "password" || field.value) {
      settings[field.name] = field.value;
    }
  }
  return settings;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!form.checkValidity()) {
    say("settings.invalid", false);
    return;
  }
  try {
    const settings = collect();
    await putSettings(settings);
    chooseLanguage(settings.language);
    await translate();
    say("settings.saved", true);
  } catch (error) {
    say("settings.failed", false);
  }
});

document.getElementById("restart").addEventListener("click", async () => {
  if (confirm(text("settings.confirm"))) {
    await restart();
    say("settings.restarting", true);
  }
});

await translate();
await loadTimezones();
fill(await getSettings());
