// Points and clusters of matters on the office's own polygons: no outside tiles, no fonts from the
// network. Without WebGL the page's own picture and list stay as they are.
const box = document.getElementById("point-map");
const picture = document.querySelector(".map-pair .map-shape");

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function canDraw() {
  try {
    const canvas = document.createElement("canvas");
    return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
  } catch {
    return false;
  }
}

// Each light has its own outline, so that it is read without colour.
const LAMPS = {
  green: ["--green", (c) => c.arc(16, 16, 11, 0, 7)],
  yellow: ["--amber-fill", (c) => { c.moveTo(16, 4); c.lineTo(29, 28); c.lineTo(3, 28); c.closePath(); }],
  red: ["--red", (c) => c.rect(5, 5, 22, 22)],
  blue: ["--brand", (c) => { c.moveTo(16, 2); c.lineTo(30, 16); c.lineTo(16, 30); c.lineTo(2, 16); c.closePath(); }],
  grey: ["--ink-3", (c) => c.arc(16, 16, 9, 0, 7)],
};

function drawn(size, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  paint(context);
  return context.getImageData(0, 0, size, size);
}

function lamp(name) {
  const [token, shape] = LAMPS[name] || LAMPS.grey;
  return drawn(32, (c) => {
    c.beginPath();
    shape(c);
    c.fillStyle = colour(token);
    c.strokeStyle = "#fff";
    c.lineWidth = 3;
    c.stroke();
    c.fill();
  });
}

// A number is drawn as a picture: text of the map's own would need fonts from somewhere.
function number(count) {
  const size = count < 10 ? 44 : count < 100 ? 56 : 72;
  return drawn(size, (c) => {
    c.beginPath();
    c.arc(size / 2, size / 2, size / 2 - 2, 0, 7);
    c.fillStyle = colour("--brand");
    c.fill();
    c.strokeStyle = "#fff";
    c.lineWidth = 3;
    c.stroke();
    c.fillStyle = colour("--on-brand");
    c.font = `600 ${size / 2.8}px sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(String(count), size / 2, size / 2 + 1);
  });
}

function bounds(data) {
  const found = new maplibregl.LngLatBounds();
  const walk = (some) => (typeof some[0] === "number" ? found.extend(some) : some.forEach(walk));
  for (const f of [...data.units.features, ...data.features]) walk(f.geometry.coordinates);
  return found;
}

const RAMP = ["#E4EFF0", "#B4D3D8", "#78B0BA", "#327A8A", "#0F5C6E"];

function begin(data) {
  const around = bounds(data);
  if (around.isEmpty()) return;
  box.hidden = false;
  const map = new maplibregl.Map({
    container: box,
    style: { version: 8, sources: {}, layers: [] },
    bounds: around,
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
  map.on("styleimagemissing", ({ id }) => {
    if (map.hasImage(id)) return;
    const image = id.startsWith("n-") ? number(Number(id.slice(2))) : lamp(id);
    map.addImage(id, image, { pixelRatio: 2 });
  });
  map.on("load", () => {
    fill(map, data);
    box.dataset.ready = "1";
    if (picture) picture.closest("figure").classList.add("map-behind");
  });
}

function fill(map, data) {
  map.addSource("units", { type: "geojson", data: data.units });
  map.addSource("points", {
    type: "geojson", data: { type: "FeatureCollection", features: data.features },
    cluster: true, clusterRadius: 40, clusterMaxZoom: 17,
  });
  map.addLayer({
    id: "units", type: "fill", source: "units",
    paint: { "fill-color": ["match", ["get", "step"], 1, RAMP[0], 2, RAMP[1], 3, RAMP[2], 4, RAMP[3], 5, RAMP[4], "#EFEDE6"], "fill-opacity": 0.75 },
  });
  map.addLayer({ id: "edges", type: "line", source: "units", paint: { "line-color": colour("--control"), "line-width": 1 } });
  map.addLayer({
    id: "clusters", type: "symbol", source: "points", filter: ["has", "point_count"],
    layout: { "icon-image": ["concat", "n-", ["to-string", ["get", "point_count"]]], "icon-allow-overlap": true },
  });
  map.addLayer({
    id: "points", type: "symbol", source: "points", filter: ["!", ["has", "point_count"]],
    layout: { "icon-image": ["get", "lamp"], "icon-allow-overlap": true },
  });
  map.on("click", "clusters", async ({ features }) => {
    const zoom = await map.getSource("points").getClusterExpansionZoom(features[0].properties.cluster_id);
    map.easeTo({ center: features[0].geometry.coordinates, zoom });
  });
  map.on("click", "points", ({ features }) => said(map, features[0]));
  for (const layer of ["clusters", "points"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().classList.add("over"); });
    map.on("mouseleave", layer, () => { map.getCanvas().classList.remove("over"); });
  }
}

function said(map, feature) {
  const { code, title, word, href } = feature.properties;
  const link = document.createElement("a");
  link.href = href;
  link.textContent = `${code} ${title}`;
  const line = document.createElement("p");
  line.textContent = word;
  const card = document.createElement("div");
  card.append(link, line);
  new maplibregl.Popup().setLngLat(feature.geometry.coordinates).setDOMContent(card).addTo(map);
}

if (box && window.maplibregl && canDraw()) {
  fetch(box.dataset.src, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(begin)
    .catch(() => { box.hidden = true; });
}
