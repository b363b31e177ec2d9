export default function ({ data, parentElement }) {
  const button = copyButton(data.label, data.text);
  button.classList.add("large");
  parentElement.querySelector("#root").replaceChildren(button);
}
