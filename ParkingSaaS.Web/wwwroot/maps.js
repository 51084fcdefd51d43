import { map as leaflet, tileLayer, circleMarker, latLngBounds } from "./lib/leaflet.js";

const styles = document.createElement("link");
Object.assign(styles, { rel: "stylesheet", href: new URL("./lib/leaflet.css", import.meta.url).href });
document.head.append(styles);

// Draws what Shell/PlaceMap.razor says: places as circles, larger and of another colour the fuller they are, on a plain ground or on tiles.
export function draw(element, places, tiles, note) {
  const map = leaflet(element, { scrollWheelZoom: false, attributionControl: !!note, zoomSnap: .5 });
  if (tiles) tileLayer(tiles, { attribution: note, maxZoom: 19 }).addTo(map);
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
