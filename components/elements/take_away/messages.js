// One message a person: to copy, or to open in the mail program.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector("#root");
  if (!isNew(root, data)) return;
  const rows = data.people.map((person) => {
    const actions = element("div", "do", copyButton("Copy message", person.text, `Copy the message for ${person.name}`));
    if (person.mailto) {
      const mail = element("a", "open", "Write email");
      mail.href = person.mailto;
      mail.ariaLabel = `Write the email to ${person.name}`;
      actions.append(mail);
      if (person.paste) {
        const note = element("span", "note", "");
        note.role = "status";
        mail.onclick = async () => {
          await copyText(person.text);
          note.textContent = "Text copied: paste it into the email.";
        };
        actions.append(note);
      }
    }
    const who = element("div", "who", element("strong", "", person.name));
    if (person.email && person.email !== person.name) who.append(element("div", "note", person.email));
    return element("div", "person", who, actions);
  });
  root.replaceChildren(...rows);
}
