// Draws what Shell/PlaceMap.razor says, once somebody can see it: the library is not fetched for who never scrolls there. While the page fills,
// what comes above the map may still push it out of sight.
export function draw(element, json, tiles, note) {
  let map, rest, gone = false, places = JSON.parse(json);
  const sight = new IntersectionObserver(entries => {
    clearTimeout(rest);
    if (entries.at(-1).isIntersecting) rest = setTimeout(seen, 300);
  }, { threshold: .1 });
  sight.observe(element);
  async function seen() {
    sight.disconnect();
    const [library] = await Promise.all([import("./lib/leaflet.js"), styles()]);
    if (!gone) map = begin(library, element, places, tiles, note);
  }
  return {
    update: now => { places = JSON.parse(now); map?.update(places); },
    dispose: () => { gone = true; clearTimeout(rest); sight.disconnect(); map?.dispose(); },
  };
}

// The style sheet of the library, which measures what is styled: it is there before anything is drawn.
let styled;
function styles() {
  return styled ??= new Promise(done => {
    const sheet = document.createElement("link");
    Object.assign(sheet, { rel: "stylesheet", href: new URL("./lib/leaflet.css", import.meta.url).href, onload: done, onerror: done });
    document.head.append(sheet);
  });
}

// Places as circles, larger and of another colour the fuller they are, on a ruled ground or on tiles.
function begin({ map: leaflet, control, gridLayer, tileLayer, circleMarker, latLngBounds }, element, places, tiles, note) {
  const map = leaflet(element, { scrollWheelZoom: false, attributionControl: !!note, zoomSnap: .5 });
  (tiles ? tileLayer(tiles, { attribution: note, maxZoom: 19 }) : gridLayer({ className: "ground" })).addTo(map);
  control.scale({ imperial: false }).addTo(map);
  let marks = [];
  const show = now => {
    marks.forEach(mark => mark.remove());
    marks = now.map(place => {
      const mark = circleMarker([place.latitude, place.longitude], { radius: place.radius, className: `place ${place.state}`, weight: 2, fillOpacity: .75 });
      mark.bindTooltip(text(place), { direction: "top" });
      mark.on("click", () => Blazor.navigateTo(new URL(place.href, document.baseURI).href));
      return mark.addTo(map);
    });
  };
  show(places);
  map.fitBounds(latLngBounds(places.map(p => [p.latitude, p.longitude])).pad(.2), { maxZoom: 15 });
  const room = new ResizeObserver(() => map.invalidateSize());
  room.observe(element);
  return { update: show, dispose: () => { room.disconnect(); map.remove(); } };
}

// As text, never as markup: names are people's.
function text(place) {
  const lines = document.createElement("div"), name = document.createElement("strong"), detail = document.createElement("div");
  name.textContent = place.name;
  detail.textContent = place.detail;
  lines.append(name, detail);
  return lines;
}
