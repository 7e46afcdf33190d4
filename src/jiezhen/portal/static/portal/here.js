// 我现在的位置: the position is read when the button is pressed and at no other time.
const button = document.querySelector("[data-here]");
const form = button?.closest("form");
const status = document.querySelector("[data-here-status]");

if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = button.dataset.reading;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements._lon.value = coords.longitude.toFixed(6);
        form.elements._lat.value = coords.latitude.toFixed(6);
        status.textContent = button.dataset.found;
      },
      () => { status.textContent = button.dataset.refused; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
