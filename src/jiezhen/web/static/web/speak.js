// 朗读: the browser's own speech, with pause; the button stays hidden where there is none.
// It is given sentence by sentence: some voices fall silent in the middle of a long text.
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
      const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh-CN";
      const sentences = document.getElementById("main").innerText.match(/[^。！？；\n]+[。！？；]?/g) || [];
      sentences.filter((text) => text.trim()).forEach((text, n, all) => {
        const words = new SpeechSynthesisUtterance(text.trim());
        words.lang = lang;
        if (n === all.length - 1) words.onend = () => { button.textContent = first; };
        voice.speak(words);
      });
      button.textContent = button.dataset.pause;
    }
  });
  window.addEventListener("pagehide", () => voice.cancel());
}
