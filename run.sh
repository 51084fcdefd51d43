#!/bin/bash
# Installs what is missing, builds, and runs ParkingSaaS in the foreground until Ctrl-C.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tools/install.sh
source "$here/tools/install.sh"

usage() {
  cat <<'HELP'
usage: ./run.sh [--port P] [--mqtt-port M] [--data DIR] [--no-demo] [--reset-admin]

  --port P       web pages and API (8080)
  --mqtt-port M  devices (1883)
  --data DIR     where everything is kept (./data)
  --no-demo      production: no demo cities, no simulator; the first start makes one platform administrator
  --reset-admin  gives the platform's administrator a new password, kept in first-sign-in.txt in DIR, signs them out everywhere,
                 and ends; also while the program runs

用法：./run.sh [--port 端口] [--mqtt-port 端口] [--data 目录] [--no-demo] [--reset-admin]

  --port 端口       网页与 API（默认 8080）
  --mqtt-port 端口  设备接入（默认 1883）
  --data 目录       全部数据的存放位置（默认 ./data）
  --no-demo         生产环境：没有演示城市和模拟器；首次启动创建一个平台管理员
  --reset-admin     为平台管理员生成新密码（写入数据目录的 first-sign-in.txt），使其在各处退出登录，然后结束；程序运行时也可执行
HELP
}

port=8080 mqtt_port=1883 data=data demo=1 reset=0
while (($#)); do
  case $1 in
    --port | --mqtt-port | --data)
      [[ -n ${2:-} ]] || fail "$1 wants a value; see ./run.sh --help"
      case $1 in
        --port) port=$2 ;;
        --mqtt-port) mqtt_port=$2 ;;
        --data) data=$2 ;;
      esac
      shift ;;
    --no-demo) demo=0 ;;
    --reset-admin) reset=1 ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
data=$(realpath -m -- "$data")

need_server
install_missing
need_dotnet

cd "$here"
echo "Building"
dotnet build ParkingSaaS.Web -c Release -v quiet -clp:ErrorsOnly -p:RunAnalyzers=false

options=("--Port=$port" "--Mqtt:Port=$mqtt_port" "--Data=$data")
if ((demo)); then
  export DOTNET_ENVIRONMENT=Demo
  options+=("--Demo=true")
else
  export DOTNET_ENVIRONMENT=Production
fi
((reset)) && options=(reset-admin "${options[@]}")
unset ASPNETCORE_ENVIRONMENT
exec dotnet "ParkingSaaS.Web/bin/Release/net10.0/ParkingSaaS.Web.dll" "${options[@]}"
