// 朗读: the browser's own speech, with pause; the button stays hidden where there is none.
const button = document.querySelector("[data-speak]");
const voice = window.speechSynthesis;

if (button && voice) {
  const first = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (voice.speaking && !voice.paused) {
      voice.pause();
      button.textContent = button.dataset.play;
    } else if (voice.paused) {
      voice.resume();
      button.textContent = button.dataset.pause;
    } else {
      const words = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
      words.lang = document.documentElement.lang.startsWith("en") ? "en" : "zh-CN";
      words.onend = () => { button.textContent = first; };
      voice.speak(words);
      button.textContent = button.dataset.pause;
    }
  });
  window.addEventListener("pagehide", () => voice.cancel());
}
