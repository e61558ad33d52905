// Passkeys: a form with data-passkey asks the authenticator, puts its answer into the field "passkey" and is sent
// like any other. Without this script the form stays hidden, and the page says to use a code instead.
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));
  const made = { ...options, challenge: decode(options.challenge) };
  if (options.user) made.user = { ...options.user, id: decode(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = named(options.allowCredentials);
  return made;
}

function writable(credential) {
  const { response } = credential;
  const told = { clientDataJSON: encode(response.clientDataJSON) };
  if (response.attestationObject) {
    told.attestationObject = encode(response.attestationObject);
    told.transports = response.getTransports?.() ?? [];
  } else {
    told.authenticatorData = encode(response.authenticatorData);
    told.signature = encode(response.signature);
    if (response.userHandle) told.userHandle = encode(response.userHandle);
  }
  return { id: credential.id, rawId: encode(credential.rawId), type: credential.type, response: told };
}

async function optionsFor(form) {
  const body = new URLSearchParams({ _csrf_token: form.elements._csrf_token.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok || answer.redirected) throw new Error("no options");
  return readable((await answer.json()).publicKey);
}

async function ask(form) {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  said.hidden = true;
  button.disabled = true;
  try {
    const publicKey = await optionsFor(form);
    const credential = await (form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey })
      : navigator.credentials.get({ publicKey }));
    form.elements.passkey.value = JSON.stringify(writable(credential));
    form.submit();
  } catch (error) {
    said.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed;
    said.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
  for (const instead of document.querySelectorAll("[data-without-passkey]")) instead.hidden = true;
}
