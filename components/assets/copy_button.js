export default function ({ data, parentElement }) {
  parentElement.querySelector("#root").replaceChildren(copyButton(data.label, data.text));
}
