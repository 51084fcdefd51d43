// Hands a prepared payment to WeChat, inside whose browser the page is shown. Whatever WeChat answers, the program is asked whether it is paid.
const button = document.getElementById("pay-in-wechat");
const { appId, timeStamp, nonceStr, package: prepared, paySign } = button.dataset;

function ready() {
  button.disabled = false;
  button.onclick = () => WeixinJSBridge.invoke("getBrandWCPayRequest",
    { appId, timeStamp, nonceStr, package: prepared, signType: "RSA", paySign },
    () => location.replace(`${location.pathname}?answered=1`));
}

if (window.WeixinJSBridge) ready();
else document.addEventListener("WeixinJSBridgeReady", ready);
