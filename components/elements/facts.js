// What is known of one thing, as names and values.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("#root");
  if (!isNew(root, data)) return;
  const list = element("dl", "");
  for (const [name, value] of data.facts) list.append(element("dt", "", name), element("dd", "", value));
  root.replaceChildren(list);
}
