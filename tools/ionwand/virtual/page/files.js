// Texts as files onto the person's disk and from it.

const Files = (() => {
  function download(text, file, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // `input` of type file: `take(text)` with what somebody opened.
  function opened(input, take) {
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      take(await file.text());
      input.value = "";
    });
  }

  return { download, opened };
})();
