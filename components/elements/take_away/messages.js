// One message a person: to copy, or to open in the mail program.

/**
 * One person's message. spoken: what its buttons call it. mailto: empty where there is no email. paste: whether the text
 * is too long for that address.
 *
 * @typedef {object} MessageRow
 * @property {string} name
 * @property {string} spoken
 * @property {string} email
 * @property {string} text
 * @property {string} mailto
 * @property {boolean} paste
 *
 * @typedef {object} MessagesData
 * @property {MessageRow[]} people
 */

/** @param {MessageRow} person */
function actions(person) {
  const made = element("div", "do", copyButton(_("Copy message"), person.text, _("Copy the message for {name}", { name: person.spoken })));
  if (!person.mailto) return made;
  const mail = element("a", "open", _("Write email"));
  mail.href = person.mailto;
  mail.ariaLabel = _("Write the email to {name}", { name: person.spoken });
  made.append(mail);
  if (!person.paste) return made;
  const note = element("span", "note", "");
  note.role = "status";
  mail.onclick = async () => {
    await copyText(person.text);
    note.textContent = _("Text copied: paste it into the email.");
  };
  made.append(note);
  return made;
}

/** @param {Drawing<MessagesData>} drawing */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement);
  drawNews(root, data, () => {
    const rows = data.people.map((person) => {
      const who = element("div", "who", element("strong", "", person.name));
      if (person.email && person.email !== person.name) who.append(element("div", "note", person.email));
      return element("div", "person", who, actions(person));
    });
    root.replaceChildren(...rows);
  });
}
