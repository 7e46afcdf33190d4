// A photograph from a phone is larger than anybody needs; a smaller copy saves room and waiting, and
// leaves behind what the camera wrote into it. What cannot be drawn is kept as it is.
const LONGEST = 1920, QUALITY = 0.82, SMALL = 400 * 1024;

export async function small(file) {
  if (!file.type.startsWith("image/") || !window.createImageBitmap) return file;
  let picture;
  try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { return file; }
  const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  if (share === 1 && file.size <= SMALL) { picture.close(); return file; }
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * share);
  canvas.height = Math.round(picture.height * share);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
  if (!made || made.size >= file.size) return file;
  return new File([made], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
}
