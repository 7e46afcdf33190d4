// 写报告: a number is put in at the caret of the editor as 【3：16台】 with its chip beside it. Without this
// file 「插入」 appends the number to the end of the section.
const area = document.querySelector("textarea[data-editor]");
const list = document.querySelector("[data-chips]");

function next() {
  return list.querySelectorAll("input[name=chip]").length + 1;
}

let touched = false;
area?.addEventListener("focus", () => { touched = true; });

// Before anybody was in the text there is no caret: the number goes to the end.
function put(words) {
  const at = touched ? area.selectionStart : area.value.length;
  const end = touched ? area.selectionEnd : at;
  area.setRangeText(words, at, end, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

if (area && list) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-token]");
    if (!button) return;
    const form = button.closest("form");
    const choice = form?.querySelector("select[name=words]");
    const option = choice?.selectedOptions[0];
    const token = option ? option.value : button.dataset.token;
    const text = option ? option.dataset.text : button.dataset.text;
    event.preventDefault();
    const number = next();
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "chip";
    hidden.value = token;
    list.append(hidden);
    put(`【${number}：${text}】`);
  });
}
