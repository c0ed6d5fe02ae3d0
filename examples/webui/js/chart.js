// Draws soil moisture as a line and rain as bars on one canvas. Knows nothing
// about where the numbers come from.

const MARGIN = { top: 12, right: 12, bottom: 28, left: 40 };

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function scale(fromLow, fromHigh, toLow, toHigh) {
  const factor = (toHigh - toLow) / (fromHigh - fromLow || 1);
  return (value) => toLow + (value - fromLow) * factor;
}

function drawGrid(context, box, y) {
  context.strokeStyle = colour("--line");
  context.fillStyle = colour("--ink-soft");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (let percent = 0; percent <= 100; percent += 25) {
    context.beginPath();
    context.moveTo(box.left, y(percent));
    context.lineTo(box.right, y(percent));
    context.stroke();
    context.fillText(`${percent} %`, box.left - 6, y(percent));
  }
}

function drawDays(context, box, x, samples) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" });
  context.fillStyle = colour("--ink-soft");
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const sample of samples) {
    const date = new Date(sample.time * 1000);
    if (date.getUTCHours() === 0 && date.getUTCDate() % 2 === 0) {
      context.fillText(day.format(date), x(sample.time), box.bottom + 8);
    }
  }
}

export function drawHistory(canvas, samples) {
  if (samples.length < 2) {
    return;
  }
  const context = canvas.getContext("2d");
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = Math.round((width * 280) / 960);
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";

  const box = {
    left: MARGIN.left,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  };
  const x = scale(samples[0].time, samples.at(-1).time, box.left, box.right);
  const y = scale(0, 100, box.bottom, box.top);
  const rain = scale(0, 10, 0, box.bottom - box.top);
  drawGrid(context, box, y);
  drawDays(context, box, x, samples);

  context.fillStyle = colour("--water");
  const bar = Math.max(1, (box.right - box.left) / samples.length - 1);
  for (const sample of samples) {
    const size = rain(Math.min(sample.rain, 10));
    context.fillRect(x(sample.time) - bar / 2, box.bottom - size, bar, size);
  }

  context.strokeStyle = colour("--leaf");
  context.lineWidth = 2;
  context.beginPath();
  samples.forEach((sample, index) => {
    context[index === 0 ? "moveTo" : "lineTo"](x(sample.time), y(sample.soil));
  });
  context.stroke();
}
